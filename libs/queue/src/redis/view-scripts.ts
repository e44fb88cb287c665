// Redis scripts that look at a queue, and the sign of life of its workers.

/** No ARGV. Gives: paused, ready, delayed, active, parked, dead; then as lists of pairs the totals; then
 * for each live worker its id, concurrency and active deliveries. */
export const STATUS = `
local function size(from, to) return redis.call('ZCOUNT', p .. 'delayed', from, to) end
local parked, turning = size(PARKED, '+inf'), size(LANE, '(' .. string.format('%.0f', PARKED))
local counts = {
  redis.call('HEXISTS', p .. 'meta', 'paused'),
  redis.call('LLEN', p .. 'wait') + redis.call('ZCARD', p .. 'prioritized') + turning,
  redis.call('ZCARD', p .. 'delayed') - parked - turning,
  redis.call('LLEN', p .. 'active'),
  parked,
  redis.call('ZCARD', p .. 'failed'),
}
local function number(key, field) return tonumber(redis.call('HGET', key, field) or '0') end
local totals = p .. 'basalt:totals'
local sums = {
  number(totals, 'enqueued'),
  redis.call('ZCARD', p .. 'completed') + number(totals, 'forgotten'),
  number(totals, 'retried'),
  redis.call('ZCARD', p .. 'failed') + number(totals, 'raised'),
  number(totals, 'duplicates'),
}
local active = {}
for _, id in ipairs(redis.call('LRANGE', p .. 'active', 0, -1)) do
  local token = redis.call('GET', p .. id .. ':lock')
  local holder = token and string.match(token, '^(.*):%d+$')
  if holder then active[holder] = (active[holder] or 0) + 1 end
end
local time = redis.call('TIME')
local workers = {}
for _, text in ipairs(redis.call('HVALS', p .. 'basalt:workers')) do
  local worker = cjson.decode(text)
  if tonumber(time[1]) - worker.seen <= 15 then
    table.insert(workers, { worker.id, worker.concurrency, active[worker.bull] or 0 })
  else
    redis.call('HDEL', p .. 'basalt:workers', worker.bull)
  end
end
return { counts, sums, workers }
`;

/** ARGV: id. Gives the record and the state of a job. */
export const FIND = `
local id = ARGV[1]
if redis.call('TYPE', p .. id).ok ~= 'hash' then return false end
local data = redis.call('HGET', p .. id, 'data')
local due = score(id)
local state = 'unknown'
if redis.call('ZSCORE', p .. 'completed', id) then state = 'done'
elseif redis.call('ZSCORE', p .. 'failed', id) then state = 'dead'
elseif due >= PARKED then state = 'parked'
elseif due >= LANE then state = 'ready'
elseif due >= 0 then state = 'delayed'
elseif redis.call('LPOS', p .. 'active', id) then state = 'active'
elseif redis.call('ZSCORE', p .. 'prioritized', id) or redis.call('LPOS', p .. 'wait', id) then
  state = 'ready'
end
return { state, data }
`;

/** ARGV: worker as JSON without \`seen\`, BullMQ's id of it. Gives the number of beats so
 * far: a smaller one than before means older data. */
export const BEAT = `
local worker = cjson.decode(ARGV[1])
worker.seen = tonumber(redis.call('TIME')[1])
redis.call('HSET', p .. 'basalt:workers', ARGV[2], cjson.encode(worker))
return redis.call('HINCRBY', p .. 'basalt:meta', 'beat', 1)
`;

/** No ARGV. Gives the active jobs that no worker holds, and those that are not readable as a job of
 * BullMQ: id, type of its key, data. */
export const STRANGERS = `
local found = {}
for _, id in ipairs(redis.call('LRANGE', p .. 'active', 0, -1)) do
  local kind = redis.call('TYPE', p .. id).ok
  if kind ~= 'hash' then
    table.insert(found, { id, kind, '' })
  else
    table.insert(found, { id, kind, redis.call('HGET', p .. id, 'data') or '' })
  end
end
return found
`;

/** ARGV: jobs to keep, time before which none is kept. Forgets jobs that are done, the oldest first, a
 * thousand at most; gives their number. BullMQ can do this itself, one by one with each job that ends,
 * which costs more than all at once. */
export const FORGET = `
local done = p .. 'completed'
local beyond = redis.call('ZCARD', done) - tonumber(ARGV[1])
local old = redis.call('ZCOUNT', done, '-inf', '(' .. ARGV[2])
local number = math.min(1000, math.max(beyond, old))
if number <= 0 then return 0 end
local ids = redis.call('ZRANGE', done, 0, number - 1)
for _, id in ipairs(ids) do redis.call('UNLINK', p .. id, p .. id .. ':logs') end
redis.call('ZREMRANGEBYRANK', done, 0, number - 1)
count('forgotten', #ids)
return number
`;
