-- Inserts a nonce if it is fresh, and if its client and its token have room.
--
-- KEYS: the nonce, the client's count, the token's count.
-- ARGV: how long to remember the nonce and how long a period is, both in milliseconds;
--       the most nonces of a client and of a token in a period.
-- Returns 1 if the nonce is fresh, 0 if it was used, 2 if there is no room.
local counts = redis.call('MGET', KEYS[2], KEYS[3])
if tonumber(counts[1] or 0) >= tonumber(ARGV[3]) or tonumber(counts[2] or 0) >= tonumber(ARGV[4]) then
  return redis.call('EXISTS', KEYS[1]) == 1 and 0 or 2
end
if not redis.call('SET', KEYS[1], '', 'NX', 'PX', ARGV[1]) then
  return 0
end
for i = 2, 3 do
  if redis.call('INCR', KEYS[i]) == 1 then
    redis.call('PEXPIRE', KEYS[i], ARGV[2])
  end
end
return 1
