-- Returns the fields of several grants. KEYS: the grants. ARGV: the names of the fields.
local grants = {}
for i = 1, #KEYS do
  grants[i] = redis.call('HMGET', KEYS[i], unpack(ARGV))
end
return grants
