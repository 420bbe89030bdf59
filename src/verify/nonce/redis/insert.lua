-- Inserts a nonce if it is fresh, and if its client and its token have room. It may reserve room for more.
--
-- KEYS: the nonce, the client's count, the token's count.
-- ARGV: how long to remember the nonce and how long a period is, both in milliseconds;
--       the most nonces of a client and of a token in a period; for how many more nonces to reserve room.
-- Returns {1, the nonces that room is reserved for, the milliseconds that are left of both periods} if the
-- nonce is fresh, {0} if it was used, {2} if there is no room.
local counts = redis.call('MGET', KEYS[2], KEYS[3])
local room = math.min(ARGV[3] - (counts[1] or 0), ARGV[4] - (counts[2] or 0))
if room <= 0 then
  return {redis.call('EXISTS', KEYS[1]) == 1 and 0 or 2}
end
if not redis.call('SET', KEYS[1], '', 'NX', 'PX', ARGV[1]) then
  return {0}
end
local more = math.min(ARGV[5], room - 1)
local left = math.huge
for i = 2, 3 do
  redis.call('INCRBY', KEYS[i], 1 + more)
  if not counts[i - 1] then
    redis.call('PEXPIRE', KEYS[i], ARGV[2])
  end
  if more > 0 then
    left = math.min(left, redis.call('PTTL', KEYS[i]))
  end
end
return {1, more, more > 0 and left or 0}
