-- Ends wrk's report with one line that is easy to read; times in microseconds.
-- It defines no request() or response(), so that wrk stays on its fastest path.
function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    "warmkey: requests=%d took=%d p50=%.0f p99=%.0f p99.9=%.0f failed=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    latency:percentile(99.9), failed))
end
