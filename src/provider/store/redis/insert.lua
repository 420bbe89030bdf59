-- Stores a new grant.
--
-- KEYS: the grant, the client's index, its pending grants, the user's index, the user's tokens of the client,
--       the number of the last grant.
-- ARGV: stage, token, client, whether there is a user, lifetime with the skew and the skew alone (both in
--       milliseconds, a lifetime of 0 for ever), the most pending grants; then names and values of fields.
-- Returns {1, the number of tokens of this client and user}, or {0} if the grant is there already, or {2} if
-- the client has no room.
if redis.call('EXISTS', KEYS[1]) == 1 then
  return {0}
end
local now = clock()
if ARGV[1] ~= 'x' then
  -- Those that have expired by the servers' clocks do not count, though Redis keeps them for the skew.
  local pending = redis.call('ZCOUNT', KEYS[3], '(' .. text(now + ARGV[6]), '+inf')
  if pending >= tonumber(ARGV[7]) then
    return {2}
  end
end
-- The first write is one that Redis rejects if its memory is full. Later ones are not rejected.
local grant = {
  id = redis.call('INCR', KEYS[6]), stage = ARGV[1], token = ARGV[2], client = ARGV[3],
  has_user = ARGV[4] == '1', ends = 0,
}
if tonumber(ARGV[5]) > 0 then
  grant.ends = now + ARGV[5]
end
local fields = {}
for i = 8, #ARGV do
  fields[#fields + 1] = ARGV[i]
end
local expired = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', '(' .. text(now), 'LIMIT', 0, 32)
if #expired > 0 then
  redis.call('ZREM', KEYS[3], unpack(expired))
end
return {1, store(KEYS, grant, fields, now)}
