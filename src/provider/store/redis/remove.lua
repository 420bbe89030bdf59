-- Removes several grants that were found in an index.
--
-- KEYS: the index; then for each grant: itself, the client's index, its pending grants, the user's index, the
--       user's tokens of the client.
-- ARGV: for each grant: its member of the index, stage, token, client, whether there is a user, and who it is.
-- Returns the number of grants that were removed. A grant that belongs to others than expected is left.
local removed = 0
for i = 0, #ARGV / 6 - 1 do
  local keys = {KEYS[5 * i + 2], KEYS[5 * i + 3], KEYS[5 * i + 4], KEYS[5 * i + 5], KEYS[5 * i + 6]}
  local member, stage, token = ARGV[6 * i + 1], ARGV[6 * i + 2], ARGV[6 * i + 3]
  local client, has_user, user = ARGV[6 * i + 4], ARGV[6 * i + 5], ARGV[6 * i + 6]
  local old = redis.call('HMGET', keys[1], 'ends', 'client', 'user')
  if not old[1] then
    -- It has expired, or was advanced: then the index has another member for it.
    redis.call('ZREM', KEYS[1], member)
  elseif old[2] == client and (old[3] and '1' or '0') == has_user and (old[3] or '') == user then
    remove(keys, {
      ends = tonumber(old[1]), stage = stage, token = token, client = client, has_user = has_user == '1',
    })
    redis.call('ZREM', KEYS[1], member)
    removed = removed + 1
  end
end
return removed
