// What our Redis scripts share. They move jobs between the structures of BullMQ 6.7 and add what it
// lacks: partitions (lanes), parked jobs, and jobs that are taken in only under a condition.
//
// KEYS[1] is the prefix of the queue, KEYS[2] the same with the mark behind it that the queue had when it was
// opened; where it has another one, or none, its data was lost, and no script does anything. A job of BullMQ is a hash at prefix .. id; it lies in one of: list
// wait, zset prioritized, zset delayed (score: due time * 4096), list active, zset completed, zset
// failed. Ours, besides:
//   basalt:w:P   list: jobs of the partition P that wait for their turn, oldest at the right
//   basalt:a:P   set: jobs of P that have their turn, from then until they are done, dead or parked
//   basalt:lanes set: partitions with either
//   basalt:d:K   string with expiry: id of the job that has the dedupe key K
//   basalt:parked zset: parked jobs that have a time
//   basalt:totals, basalt:meta, basalt:schedules (hash), basalt:ticks (zset), basalt:workers (hash)
// A job that waits for its turn or is parked stays in BullMQ's delayed set, at a time that never comes;
// so everything else of BullMQ goes on to see it.

/** Due time of jobs that wait for their turn: year 2223. Real due times are cut off below it. */
export const LANE_AT = 8_000_000_000_000;
/** Due time of parked jobs. */
export const PARKED_AT = 9_000_000_000_000;

/** What the answer of a script begins with where the queue has not the mark that it should have. */
export const OTHER_QUEUE = 'OTHERQUEUE';

/** Put before every script. */
export const LUA_PRELUDE = `
local p = KEYS[1]
if p .. (redis.call('HGET', p .. 'basalt:meta', 'mark') or '') ~= KEYS[2] then
  return redis.error_reply('${OTHER_QUEUE} it was opened with another mark')
end
local LANE, PARKED = ${LANE_AT} * 4096, ${PARKED_AT} * 4096
-- Fails where one of the keys holds something else.
local function expect(kind, ...)
  for _, name in ipairs({ ... }) do
    local found = redis.call('TYPE', p .. name).ok
    if found ~= kind and found ~= 'none' then
      error({ err = 'WRONGTYPE the key ' .. p .. name .. ' holds a ' .. found })
    end
  end
end
local function wake()
  if redis.call('HEXISTS', p .. 'meta', 'paused') == 0 then
    redis.call('ZADD', p .. 'marker', 0, '0')
  end
end
local function ready(id)
  local priority = tonumber(redis.call('HGET', p .. id, 'priority')) or 0
  redis.call('HSET', p .. id, 'delay', 0)
  if priority == 0 then
    redis.call('LPUSH', p .. 'wait', id)
  else
    local turn = redis.call('INCR', p .. 'pc') % 0x100000000
    redis.call('ZADD', p .. 'prioritized', priority * 0x100000000 + turn, id)
  end
  wake()
end
local function delay(id, due)
  if due >= ${LANE_AT} then due = ${LANE_AT} - 1 end
  redis.call('ZADD', p .. 'delayed', due * 4096, id)
  local first = redis.call('ZRANGE', p .. 'delayed', 0, 0, 'WITHSCORES')
  redis.call('ZADD', p .. 'marker', tonumber(first[2]) / 4096, '1')
end
local function score(id)
  return tonumber(redis.call('ZSCORE', p .. 'delayed', id) or '-1')
end
local function promote(id)
  if redis.call('ZREM', p .. 'delayed', id) == 1 then ready(id) end
end
local function width()
  return tonumber(redis.call('HGET', p .. 'basalt:meta', 'perKey') or '1')
end
-- Gives turns in a partition: to as many jobs as may have one.
local function settle(lane)
  local waiting, having = p .. 'basalt:w:' .. lane, p .. 'basalt:a:' .. lane
  for _, id in ipairs(redis.call('SMEMBERS', having)) do
    local due = score(id)
    if redis.call('EXISTS', p .. id) == 0 or due >= PARKED
        or redis.call('HEXISTS', p .. id, 'finishedOn') == 1 then
      redis.call('SREM', having, id)
    elseif due >= LANE then
      promote(id)
    end
  end
  while redis.call('SCARD', having) < width() do
    local id = redis.call('RPOP', waiting)
    if not id then break end
    local due = score(id)
    if due >= LANE and due < PARKED then
      redis.call('SADD', having, id)
      promote(id)
    end
  end
  if redis.call('EXISTS', waiting, having) == 0 then
    redis.call('SREM', p .. 'basalt:lanes', lane)
  end
end
-- Puts a job into its partition; 'LPUSH' behind the others, 'RPUSH' before them.
local function queueInLane(id, lane, push)
  redis.call('ZADD', p .. 'delayed', LANE, id)
  redis.call('SADD', p .. 'basalt:lanes', lane)
  redis.call(push, p .. 'basalt:w:' .. lane, id)
  settle(lane)
end
-- Ends the parking of a job.
local function unpark(id)
  redis.call('ZREM', p .. 'basalt:parked', id)
  local lane = redis.call('HGET', p .. id, 'basaltLane')
  if lane then queueInLane(id, lane, 'RPUSH') else promote(id) end
end
-- Puts a job that is nowhere where it belongs.
local function place(id, lane, due, now)
  if due > now then delay(id, due)
  elseif lane then queueInLane(id, lane, 'LPUSH')
  else ready(id) end
end
local function count(name, by)
  redis.call('HINCRBY', p .. 'basalt:totals', name, by)
end
`;
