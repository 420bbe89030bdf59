-- Replaces a grant by its next stage.
--
-- KEYS: the old grant, the client's index, its pending grants, the old user's index, the old user's tokens of
--       the client; the new grant, and the new user's index and tokens.
-- ARGV: the old stage and token, whether there is an old user, and who it is; the new stage ('e' if the grant
--       ends) and token, the client, whether there is a new user, the lifetime with the skew; then names and
--       values of fields.
-- Returns {1, the number of tokens of this client and user}, {0} if there is no such grant, {2} if the new
-- grant is there already, {3} if the old grant is another client's, {4} if its user is another.
local old = redis.call('HMGET', KEYS[1], 'id', 'ends', 'client', 'user')
if not old[1] then
  return {0}
end
if old[3] ~= ARGV[7] then
  return {3}
end
if (old[4] and '1' or '0') ~= ARGV[3] or (old[4] or '') ~= ARGV[4] then
  return {4}
end
if ARGV[5] ~= 'e' and KEYS[6] ~= KEYS[1] and redis.call('EXISTS', KEYS[6]) == 1 then
  return {2}
end
local now = clock()
-- Removing comes first: Redis does so in full memory too, and then takes the rest of the script.
remove({KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]}, {
  ends = tonumber(old[2]), stage = ARGV[1], token = ARGV[2], client = ARGV[7], has_user = ARGV[3] == '1',
})
if ARGV[5] == 'e' then
  return {1, 0}
end
local grant = {
  id = old[1], stage = ARGV[5], token = ARGV[6], client = ARGV[7], has_user = ARGV[8] == '1', ends = 0,
}
if tonumber(ARGV[9]) > 0 then
  grant.ends = now + ARGV[9]
end
local fields = {}
for i = 10, #ARGV do
  fields[#fields + 1] = ARGV[i]
end
return {1, store({KEYS[6], KEYS[2], KEYS[3], KEYS[7], KEYS[8]}, grant, fields, now)}
