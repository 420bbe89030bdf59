-- Put before the other scripts, which use these functions.

-- Redis's own time, in milliseconds since the Unix epoch.
local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function text(number)
  return string.format('%.0f', number)
end

-- The members of the indexes. `ends` is when the grant goes, 0 if it does not.
local function of_client(ends, stage, token)
  return text(ends) .. ' ' .. stage .. ' ' .. token
end

local function of_user(ends, stage, client, token)
  return text(ends) .. ' ' .. stage .. ' ' .. #client .. ':' .. client .. token
end

local function of_pending(stage, token)
  return stage .. ' ' .. token
end

-- Adds a member to an index, which lives as long as the longest of its members.
local function add(key, score, member, ends, now)
  local left = redis.call('PTTL', key)
  redis.call('ZADD', key, score, member)
  if ends == 0 then
    redis.call('PERSIST', key)
  elseif left == -2 or (left >= 0 and now + left < ends + 1000) then
    redis.call('PEXPIREAT', key, text(ends + 1000))
  end
end

-- Removes a few members whose grants have expired: more than are added, if most have.
local function prune(key, now)
  for _, member in ipairs(redis.call('ZRANDMEMBER', key, 8)) do
    local ends = tonumber(string.match(member, '^%d+'))
    if ends > 0 and ends < now then
      redis.call('ZREM', key, member)
    end
  end
end

-- Stores a grant and adds it to its indexes.
-- keys: the grant, the client's index, its pending grants, the user's index, the user's tokens of the client.
local function store(keys, grant, fields, now)
  redis.call('HSET', keys[1], 'id', grant.id, 'ends', text(grant.ends), unpack(fields))
  if grant.ends > 0 then
    redis.call('PEXPIREAT', keys[1], text(grant.ends))
  end
  add(keys[2], grant.id, of_client(grant.ends, grant.stage, grant.token), grant.ends, now)
  if grant.stage ~= 'x' then
    -- A grant that lasts for ever counts for ever.
    add(keys[3], grant.ends > 0 and text(grant.ends) or '+inf', of_pending(grant.stage, grant.token), grant.ends, now)
  end
  if grant.has_user then
    add(keys[4], grant.id, of_user(grant.ends, grant.stage, grant.client, grant.token), grant.ends, now)
    prune(keys[4], now)
  end
  prune(keys[2], now)
  if grant.stage == 'x' then
    add(keys[5], grant.id, grant.token, grant.ends, now)
    return redis.call('ZCARD', keys[5])
  end
  return 0
end

-- Removes a grant and its entries in the indexes, in the same order of keys.
local function remove(keys, grant)
  redis.call('DEL', keys[1])
  redis.call('ZREM', keys[2], of_client(grant.ends, grant.stage, grant.token))
  redis.call('ZREM', keys[3], of_pending(grant.stage, grant.token))
  if grant.has_user then
    redis.call('ZREM', keys[4], of_user(grant.ends, grant.stage, grant.client, grant.token))
  end
  if grant.stage == 'x' then
    redis.call('ZREM', keys[5], grant.token)
  end
end
