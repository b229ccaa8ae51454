-- Reads the aliases S0, S1, … in turn, and lets each connection rest a millisecond between two.
-- Its one argument is how many aliases there are.
local requests, last, following = {}, 0, 0

function init(arguments)
  last = tonumber(arguments[1])
  for number = 1, last do
    requests[number] = wrk.format("GET", "/v1/secrets/S" .. (number - 1))
  end
end

function delay() return 1 end

function request()
  following = following % last + 1
  return requests[following]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    "warmkey: requests=%d took=%d p50=%.0f p99=%.0f p99.9=%.0f failed=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    latency:percentile(99.9), failed))
end
