// The Redis scripts of a queue. Each is one atomic step.
import { LUA_PRELUDE } from './lua-prelude.js';
import { BEAT, FIND, FORGET, STATUS, STRANGERS } from './view-scripts.js';

/** ARGV from the given position: now, nonce, then for each job: id, name, record, options, priority, partition, dedupe key,
 * its time to live, due time, and the id as its producer gave it. Gives 0 and the id where the job was
 * taken in, 1 and the id of the first job where it is a duplicate. A call that is sent again after a
 * lost answer has the same nonce and gets the same answer. */
const enqueueFrom = (first: number) => `
local now, nonce = tonumber(ARGV[${first}]), ARGV[${first + 1}]
-- Redis does not undo what a script did before it failed: so nothing is begun that could fail.
expect('zset', 'prioritized', 'delayed', 'marker')
expect('list', 'wait')
expect('string', 'pc')
expect('hash', 'meta', 'basalt:totals', 'basalt:meta')
expect('set', 'basalt:lanes')
for i = ${first + 2}, #ARGV, 10 do
  expect('list', 'basalt:w:' .. ARGV[i + 5])
  expect('set', 'basalt:a:' .. ARGV[i + 5])
  if ARGV[i + 6] ~= '' then expect('string', 'basalt:d:' .. ARGV[i + 6]) end
end
local answers, fresh, known = {}, 0, 0
for i = ${first + 2}, #ARGV, 10 do
  local id, given = ARGV[i], ARGV[i + 9]
  local holder = false
  local mark = nonce .. i
  if redis.call('EXISTS', p .. id) == 1 then
    if redis.call('HGET', p .. id, 'basaltNonce') == mark then holder = 'own' else holder = given end
  end
  if not holder and ARGV[i + 6] ~= '' then
    holder = redis.call('GET', p .. 'basalt:d:' .. ARGV[i + 6])
  end
  if holder == 'own' then
    table.insert(answers, { 0, given })
  elseif holder then
    known = known + 1
    table.insert(answers, { 1, holder })
  else
    fresh = fresh + 1
    local lane, due = ARGV[i + 5], tonumber(ARGV[i + 8])
    if lane == '' then lane = false end
    redis.call('HSET', p .. id, 'name', ARGV[i + 1], 'data', ARGV[i + 2], 'opts', ARGV[i + 3],
      'timestamp', now, 'delay', math.max(0, due - now), 'priority', ARGV[i + 4],
      'basaltNonce', mark)
    if lane then redis.call('HSET', p .. id, 'basaltLane', lane) end
    if ARGV[i + 6] ~= '' then
      redis.call('SET', p .. 'basalt:d:' .. ARGV[i + 6], given, 'PX', ARGV[i + 7])
    end
    place(id, lane, due, now)
    table.insert(answers, { 0, given })
  end
end
if fresh > 0 then count('enqueued', fresh) end
if known > 0 then count('duplicates', known) end
return answers
`;

/** ARGV: id, token of the lock. Gives the job its turn in its partition: 1 where it has it; 0 where it
 * has to wait, and was taken from this worker. */
const ENTER = `
local id = ARGV[1]
local lane = redis.call('HGET', p .. id, 'basaltLane')
if not lane then return 1 end
local waiting, having = p .. 'basalt:w:' .. lane, p .. 'basalt:a:' .. lane
if redis.call('SISMEMBER', having, id) == 1 then return 1 end
settle(lane)
if redis.call('EXISTS', waiting) == 0 and redis.call('SCARD', having) < width() then
  redis.call('SADD', p .. 'basalt:lanes', lane)
  redis.call('SADD', having, id)
  return 1
end
if redis.call('GET', p .. id .. ':lock') ~= ARGV[2] then return 0 end
redis.call('DEL', p .. id .. ':lock')
redis.call('SREM', p .. 'stalled', id)
redis.call('LREM', p .. 'active', -1, id)
queueInLane(id, lane, 'LPUSH')
return 0
`;

/** ARGV: partitions. */
const SETTLE = `
for i = 1, #ARGV do settle(ARGV[i]) end
return 0
`;

/** ARGV: id, token, time ('' for none). Puts an active job aside until it is resumed, or until the time;
 * 0 where the lock is lost. */
const PARK = `
local id = ARGV[1]
if redis.call('GET', p .. id .. ':lock') ~= ARGV[2] then return 0 end
redis.call('DEL', p .. id .. ':lock')
redis.call('SREM', p .. 'stalled', id)
redis.call('LREM', p .. 'active', -1, id)
if redis.call('HGET', p .. id, 'basaltWake') == '1' then
  redis.call('HDEL', p .. id, 'basaltWake')
  ready(id)
  return 1
end
redis.call('ZADD', p .. 'delayed', PARKED, id)
if ARGV[3] ~= '' then redis.call('ZADD', p .. 'basalt:parked', ARGV[3], id) end
local lane = redis.call('HGET', p .. id, 'basaltLane')
if lane then settle(lane) end
return 1
`;

/** ARGV: id. Ends the parking of a job: 1 where it was parked. An active one may be about to park; it
 * does not stay parked then. */
const RESUME = `
local id = ARGV[1]
if score(id) < PARKED then
  if not redis.call('LPOS', p .. 'active', id) then return 0 end
  redis.call('HSET', p .. id, 'basaltWake', 1)
  return 1
end
unpark(id)
return 1
`;

/** ARGV: now. Ends the parking of jobs whose time has come, a thousand at most; gives their number. */
const WAKE = `
local due = redis.call('ZRANGEBYSCORE', p .. 'basalt:parked', '-inf', ARGV[1], 'LIMIT', 0, 1000)
for _, id in ipairs(due) do
  if score(id) >= PARKED then unpark(id) end
  redis.call('ZREM', p .. 'basalt:parked', id)
end
return #due
`;

/** ARGV: id. Removes a job that waits, is delayed, parked or dead: 1 where there was one. */
const REMOVE = `
local id = ARGV[1]
if redis.call('ZREM', p .. 'failed', id) == 1 then
  count('raised', 1)
elseif redis.call('ZREM', p .. 'prioritized', id) + redis.call('ZREM', p .. 'delayed', id)
    + redis.call('LREM', p .. 'wait', 0, id) == 0 then
  return 0
end
local lane = redis.call('HGET', p .. id, 'basaltLane')
redis.call('ZREM', p .. 'basalt:parked', id)
redis.call('DEL', p .. id, p .. id .. ':logs')
if lane then
  redis.call('LREM', p .. 'basalt:w:' .. lane, 0, id)
  settle(lane)
end
return 1
`;

/** ARGV: id, token, due time (0 for now), '1' where it uses an attempt. Gives an active job back; 0 where the
 * lock is lost. */
const GIVE_BACK = `
local id = ARGV[1]
if redis.call('GET', p .. id .. ':lock') ~= ARGV[2] then return 0 end
redis.call('DEL', p .. id .. ':lock')
redis.call('SREM', p .. 'stalled', id)
redis.call('LREM', p .. 'active', -1, id)
if ARGV[4] == '1' then
  redis.call('HINCRBY', p .. id, 'atm', 1)
  count('retried', 1)
end
local due = tonumber(ARGV[3])
if due > 0 then delay(id, due) else ready(id) end
return 1
`;

/** ARGV: now, then ids. Puts dead letters back with fresh attempts; gives those that it found. */
const REPLAY = `
local found = {}
for i = 2, #ARGV do
  local id = ARGV[i]
  if redis.call('ZREM', p .. 'failed', id) == 1 then
    redis.call('HDEL', p .. id, 'finishedOn', 'processedOn', 'failedReason', 'stacktrace', 'atm',
      'ats', 'stc', 'defa')
    count('raised', 1)
    place(id, redis.call('HGET', p .. id, 'basaltLane'), 0, tonumber(ARGV[1]))
    table.insert(found, id)
  end
end
return found
`;

/** ARGV: ids. Removes dead letters; gives their number. */
const PURGE = `
local gone = 0
for i = 1, #ARGV do
  if redis.call('ZREM', p .. 'failed', ARGV[i]) == 1 then
    redis.call('DEL', p .. ARGV[i], p .. ARGV[i] .. ':logs')
    count('raised', 1)
    gone = gone + 1
  end
end
return gone
`;

/** ARGV: now, reason, then ids. Makes dead letters of what lies among the active jobs and is no job:
 * a key of another type keeps its bytes. Gives the ids of those that it moved. */
const BURY = `
local moved = {}
for i = 3, #ARGV do
  local id = ARGV[i]
  if redis.call('LREM', p .. 'active', 0, id) > 0 then
    local kind = redis.call('TYPE', p .. id).ok
    if kind ~= 'hash' then
      local raw = kind == 'string' and redis.call('GET', p .. id) or redis.call('DUMP', p .. id)
      redis.call('DEL', p .. id)
      redis.call('HSET', p .. id, 'data', raw or '', 'timestamp', ARGV[1])
    end
    redis.call('DEL', p .. id .. ':lock')
    redis.call('SREM', p .. 'stalled', id)
    redis.call('HSET', p .. id, 'failedReason', ARGV[2], 'finishedOn', ARGV[1])
    redis.call('ZADD', p .. 'failed', ARGV[1], id)
    table.insert(moved, id)
  end
end
return moved
`;

/** ARGV: id of the schedule, the tick that is due, the next one ('' for none), then the arguments of an
 * enqueue. Fires a tick once, whoever sees it first. */
const TICK = `
local due = redis.call('ZSCORE', p .. 'basalt:ticks', ARGV[1])
if not due or tonumber(due) ~= tonumber(ARGV[2]) then return 0 end
if ARGV[3] == '' then redis.call('ZREM', p .. 'basalt:ticks', ARGV[1])
else redis.call('ZADD', p .. 'basalt:ticks', ARGV[3], ARGV[1]) end
${enqueueFrom(4)}`;

/** Name -> script, as `Redis.defineCommand` takes it. */
export const QUEUE_SCRIPTS = {
  basaltEnqueue: enqueueFrom(1),
  basaltEnter: ENTER,
  basaltSettle: SETTLE,
  basaltPark: PARK,
  basaltGiveBack: GIVE_BACK,
  basaltResume: RESUME,
  basaltWake: WAKE,
  basaltRemove: REMOVE,
  basaltReplay: REPLAY,
  basaltPurge: PURGE,
  basaltBury: BURY,
  basaltTick: TICK,
  basaltStatus: STATUS,
  basaltFind: FIND,
  basaltBeat: BEAT,
  basaltStrangers: STRANGERS,
  basaltForget: FORGET,
} as const;

/** The text of a script, with what all share. */
export function scriptText(name: keyof typeof QUEUE_SCRIPTS): string {
  return LUA_PRELUDE + QUEUE_SCRIPTS[name];
}
