-- Inserts each nonce that is fresh, if its client and its token have room.
--
-- KEYS: for each nonce its own key, the client's count, the token's count.
-- ARGV: the most nonces of a client and of a token in a period; then for each nonce how long to remember it
--       and how long a period is, both in milliseconds.
-- Returns a text with a digit for each nonce: 1 if it is fresh, 0 if it was used, 2 if there is no room.
local names, counts, added, periods = {}, {}, {}, {}
for i = 1, #KEYS do
  if i % 3 ~= 1 and not counts[KEYS[i]] then
    counts[KEYS[i]] = 0
    names[#names + 1] = KEYS[i]
  end
end
local values = redis.call('MGET', unpack(names))
local is_new = {}
for i = 1, #names do
  counts[names[i]] = tonumber(values[i] or 0)
  is_new[names[i]] = not values[i]
end
local of_client, of_token = tonumber(ARGV[1]), tonumber(ARGV[2])
local statuses = {}
for i = 1, #KEYS / 3 do
  local nonce, client, token = KEYS[3 * i - 2], KEYS[3 * i - 1], KEYS[3 * i]
  if counts[client] >= of_client or counts[token] >= of_token then
    statuses[i] = redis.call('EXISTS', nonce) == 1 and 0 or 2
  elseif redis.call('SET', nonce, '', 'NX', 'PX', ARGV[2 * i + 1]) then
    for j = 3 * i - 1, 3 * i do
      local name = KEYS[j]
      counts[name] = counts[name] + 1
      added[name] = (added[name] or 0) + 1
      periods[name] = periods[name] or ARGV[2 * i + 2]
    end
    statuses[i] = 1
  else
    statuses[i] = 0
  end
end
for name, count in pairs(added) do
  redis.call('INCRBY', name, count)
  if is_new[name] then
    redis.call('PEXPIRE', name, periods[name])
  end
end
return table.concat(statuses)
