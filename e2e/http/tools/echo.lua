-- What wrk sends, and how it tells what it found: one line of JSON.
wrk.method = "POST"
wrk.path = "/echo"
wrk.body = '{"text":"  Hello World  "}'
wrk.headers["content-type"] = "application/json"

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"seconds":%.3f,"p50":%.3f,"p99":%.3f,"max":%.3f,"refused":%d,"errors":%d}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3,
    e.status, e.connect + e.read + e.write + e.timeout))
end
