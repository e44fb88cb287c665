// The Redis scripts of a store of journals. Each is one atomic step, and gives the same answer when it
// is sent again because its answer was lost on the way.
//
// KEYS[1] is the prefix of the store. Below it:
//   meta       hash: mark, a name that the store keeps for life
//   number     counter of runs
//   r:RUN      hash: what lists show of a run, its chain and lease
//   f:RUN      list of its frames, the start first
//   e:RUN      list of events that were delivered; i:RUN hash of their ids
//   h:RUN      set of ledger keys that it holds
//   k:KEY      hash: a key of the delivery ledger
//   o:OWNER    there while the owner shows life
//   d:HASH     a flow document; docs: hash of how many runs name it
//   l:...      zsets of runs by time of start: all, f:FLOW, s:STATUS

/** Put before every script. Most take the mark as ARGV[1], and say `lost` where it is another one. */
export const JOURNAL_PRELUDE = `
local p = KEYS[1]
local function same() return redis.call('HGET', p .. 'meta', 'mark') == ARGV[1] end
local function member(row) return string.format('%014x:', tonumber(row.number)) .. row.runId end
local function row(run)
  local found = redis.call('HGETALL', p .. 'r:' .. run)
  if #found == 0 then return nil end
  local fields = {}
  for i = 1, #found, 2 do fields[found[i]] = found[i + 1] end
  return fields
end
local function alive(owner) return redis.call('EXISTS', p .. 'o:' .. owner) == 1 end
local function status(row) return row.outcome or 'open' end
local function list(row)
  redis.call('ZADD', p .. 'l:all', row.position, member(row))
  redis.call('ZADD', p .. 'l:f:' .. row.flowName, row.position, member(row))
  redis.call('ZADD', p .. 'l:f:' .. row.flowId, row.position, member(row))
  redis.call('ZADD', p .. 'l:s:' .. status(row), row.position, member(row))
end
local function unlist(row)
  redis.call('ZREM', p .. 'l:all', member(row))
  redis.call('ZREM', p .. 'l:f:' .. row.flowName, member(row))
  redis.call('ZREM', p .. 'l:f:' .. row.flowId, member(row))
  redis.call('ZREM', p .. 'l:s:' .. status(row), member(row))
end
-- Ends the holding of ledger keys by a run that has an outcome.
local function letGo(run)
  for _, key in ipairs(redis.call('SMEMBERS', p .. 'h:' .. run)) do
    if redis.call('HGET', p .. 'k:' .. key, 'owner') == run then redis.call('DEL', p .. 'k:' .. key) end
  end
  redis.call('DEL', p .. 'h:' .. run)
end
local function note(run, change)
  local before = row(run)
  redis.call('HSET', p .. 'r:' .. run, unpack(change))
  local after = row(run)
  if status(before) ~= status(after) then
    redis.call('ZREM', p .. 'l:s:' .. status(before), member(before))
    redis.call('ZADD', p .. 'l:s:' .. status(after), after.position, member(after))
    letGo(run)
  end
end
local function push(run, first, last)
  for i = first, last do redis.call('RPUSH', p .. 'f:' .. run, ARGV[i]) end
end
`;

/** ARGV: mark, run, nonce, hash of the document, its bytes, number of frames, frames, number of events,
 * pairs of their id and bytes, then fields and values of the row. */
const PUT = `
if not same() then return { 'lost' } end
local run = ARGV[2]
if redis.call('EXISTS', p .. 'r:' .. run) == 1 then
  return { redis.call('HGET', p .. 'r:' .. run, 'nonce') == ARGV[3] and 'ok' or 'taken' }
end
local at = 7
local frames = tonumber(ARGV[6])
push(run, at, at + frames - 1)
at = at + frames
for _ = 1, tonumber(ARGV[at]) do
  redis.call('HSET', p .. 'i:' .. run, ARGV[at + 1], '')
  redis.call('RPUSH', p .. 'e:' .. run, ARGV[at + 2])
  at = at + 2
end
redis.call('HSET', p .. 'r:' .. run, 'runId', run, 'nonce', ARGV[3], 'document', ARGV[4],
  'number', redis.call('INCR', p .. 'number'), unpack(ARGV, at + 1))
redis.call('HINCRBY', p .. 'docs', ARGV[4], 1)
redis.call('SET', p .. 'd:' .. ARGV[4], ARGV[5], 'NX')
list(row(run))
return { 'ok' }
`;

/** ARGV: mark, run, owner, lease, '1' where the owner itself does not have the run, whatever the store says:
 * it could not tell when it left it. Takes a run and gives all of it. */
const OPEN = `
if not same() then return { 'lost' } end
local run = ARGV[2]
local found = row(run)
if not found then return { 'unknown' } end
if found.outcome then return { 'ended', found.outcome } end
local left = found.owner == ARGV[3] and ARGV[5] == '1'
if found.owner and found.lease ~= ARGV[4] and not left and alive(found.owner) then
  return { 'owned', found.owner }
end
if found.lease ~= ARGV[4] then
  redis.call('HSET', p .. 'r:' .. run, 'owner', ARGV[3], 'lease', ARGV[4])
  redis.call('HINCRBY', p .. 'r:' .. run, 'resumptions', 1)
end
return { 'ok', redis.call('HGETALL', p .. 'r:' .. run), redis.call('LRANGE', p .. 'f:' .. run, 0, -1),
  redis.call('LRANGE', p .. 'e:' .. run, 0, -1),
  redis.call('GET', p .. 'd:' .. (found.document or '')) }
`;

/** ARGV: mark, run. Gives all of it without taking it. */
const READ = `
if not same() then return { 'lost' } end
local run = ARGV[2]
local found = row(run)
if not found then return { 'unknown' } end
return { 'ok', redis.call('HGETALL', p .. 'r:' .. run), redis.call('LRANGE', p .. 'f:' .. run, 0, -1),
  redis.call('LRANGE', p .. 'e:' .. run, 0, -1),
  redis.call('GET', p .. 'd:' .. (found.document or '')) }
`;

/** ARGV: mark, run, lease, now, records and chain before, records and chain after, number of frames,
 * frames, number of completed keys, these, number of released keys, these, then fields and values of
 * the row. What was applied already is not applied again. */
const COMMIT = `
if not same() then return { 'lost' } end
local run = ARGV[2]
local found = row(run)
if not found then return { 'older', '0' } end
if found.lease ~= ARGV[3] then return { 'taken', found.owner or 'nobody' } end
local applied = found.records == ARGV[7] and found.chain == ARGV[8]
if not applied and (found.records ~= ARGV[5] or found.chain ~= ARGV[6]) then
  return { 'older', found.records }
end
local at = 10
local frames = tonumber(ARGV[9])
if not applied then push(run, at, at + frames - 1) end
at = at + frames
local function each(body)
  local number = tonumber(ARGV[at])
  for i = at + 1, at + number do
    local key = p .. 'k:' .. ARGV[i]
    local held = redis.call('HMGET', key, 'owner', 'done', 'ttl')
    if held[1] == run and not held[2] then
      redis.call('SREM', p .. 'h:' .. run, ARGV[i])
      body(key, held[3])
    end
  end
  at = at + number + 1
end
each(function(key, ttl)
  redis.call('HSET', key, 'done', string.format('%.0f', tonumber(ARGV[4]) + tonumber(ttl)))
  -- The clock of the store decides; this only keeps the memory bounded.
  redis.call('PEXPIRE', key, string.format('%.0f', tonumber(ttl) + 60000))
end)
each(function(key) redis.call('DEL', key) end)
local change = {}
for i = at, #ARGV do table.insert(change, ARGV[i]) end
note(run, change)
return { 'ok' }
`;

/** ARGV: mark, run, lease, key, hash of the input, time to live, now. */
const RESERVE = `
if not same() then return { 'lost' } end
local run, key = ARGV[2], p .. 'k:' .. ARGV[4]
local found = row(run)
if not found then return { 'older', '0' } end
if found.lease ~= ARGV[3] then return { 'taken', found.owner or 'nobody' } end
local held = redis.call('HMGET', key, 'owner', 'done', 'input')
if held[2] then
  if tonumber(held[2]) > tonumber(ARGV[7]) then return { 'done', held[3] } end
elseif held[1] == run then
  return { 'own' }
elseif held[1] then
  local other = redis.call('HMGET', p .. 'r:' .. held[1], 'runId', 'outcome')
  if other[1] and not other[2] then return { 'held', held[1] } end
end
redis.call('DEL', key)
redis.call('HSET', key, 'owner', run, 'input', ARGV[5], 'ttl', ARGV[6])
redis.call('SADD', p .. 'h:' .. run, ARGV[4])
return { 'first' }
`;

/** ARGV: mark, run, reason, the chain that the frame follows, the frame ('' to ask), then fields and
 * values of the row. */
const CANCEL = `
if not same() then return { 'lost' } end
local run = ARGV[2]
local found = row(run)
if not found then return { 'unknown' } end
if found.outcome then return { 'ended', found.outcome } end
if found.owner and alive(found.owner) then
  redis.call('HSETNX', p .. 'r:' .. run, 'cancel', ARGV[3])
  redis.call('PUBLISH', p .. 's:' .. found.owner, run)
  return { 'asked' }
end
if ARGV[5] == '' or found.chain ~= ARGV[4] then
  return { 'free', found.records, found.bytes, found.waits, found.chain }
end
push(run, 5, 5)
redis.call('HDEL', p .. 'r:' .. run, 'owner', 'lease')
redis.call('HSETNX', p .. 'r:' .. run, 'cancel', ARGV[3])
local change = {}
for i = 6, #ARGV do table.insert(change, ARGV[i]) end
note(run, change)
return { 'cancelled' }
`;

/** ARGV: mark, run, id of the event, its bytes, nonce. */
const DELIVER = `
if not same() then return { 'lost' } end
local run = ARGV[2]
local found = row(run)
if not found then return { 'unknown' } end
if found.outcome then return { 'ended', found.outcome } end
local known = redis.call('HGET', p .. 'i:' .. run, ARGV[3])
if known then return { known == ARGV[5] and 'new' or 'known' } end
redis.call('HSET', p .. 'i:' .. run, ARGV[3], ARGV[5])
redis.call('RPUSH', p .. 'e:' .. run, ARGV[4])
if found.owner then redis.call('PUBLISH', p .. 's:' .. found.owner, run) end
return { 'new' }
`;

/** ARGV: run, events that are known. What has happened to a run from outside. */
const NOTICE = `
local found = redis.call('HMGET', p .. 'r:' .. ARGV[1], 'lease', 'owner', 'cancel')
return { found[1], found[2], found[3], redis.call('LRANGE', p .. 'e:' .. ARGV[1], ARGV[2], -1) }
`;

/** ARGV: run, lease, 'undo' where it was never begun. */
const LEAVE = `
if redis.call('HGET', p .. 'r:' .. ARGV[1], 'lease') ~= ARGV[2] then return 0 end
redis.call('HDEL', p .. 'r:' .. ARGV[1], 'owner', 'lease')
if ARGV[3] == 'undo' then redis.call('HINCRBY', p .. 'r:' .. ARGV[1], 'resumptions', -1) end
return 1
`;

/** ARGV: run, and '1' to remove it also without an outcome. */
const REMOVE = `
local run = ARGV[1]
local found = row(run)
if not found or (ARGV[2] ~= '1' and not found.outcome) then return 0 end
if found.number and found.flowName and found.flowId then unlist(found) end
letGo(run)
redis.call('DEL', p .. 'r:' .. run, p .. 'f:' .. run, p .. 'e:' .. run, p .. 'i:' .. run)
if found.document and redis.call('HINCRBY', p .. 'docs', found.document, -1) <= 0 then
  redis.call('HDEL', p .. 'docs', found.document)
  redis.call('DEL', p .. 'd:' .. found.document)
end
return 1
`;

/** ARGV: mark, run, number of good frames, then fields and values of the row. Cuts a run back that no
 * live owner has. */
const REPAIR = `
if not same() then return 0 end
local run = ARGV[2]
local found = row(run)
if not found or (found.owner and alive(found.owner)) then return 0 end
redis.call('LTRIM', p .. 'f:' .. run, 0, tonumber(ARGV[3]) - 1)
if found.number and found.flowName and found.flowId then unlist(found) end
redis.call('HDEL', p .. 'r:' .. run, 'owner', 'lease', 'outcome', 'endedAt')
local change = {}
for i = 4, #ARGV do table.insert(change, ARGV[i]) end
redis.call('HSET', p .. 'r:' .. run, unpack(change))
if not found.number then redis.call('HSET', p .. 'r:' .. run, 'number', redis.call('INCR', p .. 'number')) end
list(row(run))
return 1
`;

/** Name -> script. */
export const JOURNAL_SCRIPTS = {
  basaltJournalPut: PUT,
  basaltJournalOpen: OPEN,
  basaltJournalRead: READ,
  basaltJournalCommit: COMMIT,
  basaltJournalReserve: RESERVE,
  basaltJournalCancel: CANCEL,
  basaltJournalDeliver: DELIVER,
  basaltJournalNotice: NOTICE,
  basaltJournalLeave: LEAVE,
  basaltJournalRemove: REMOVE,
  basaltJournalRepair: REPAIR,
} as const;
