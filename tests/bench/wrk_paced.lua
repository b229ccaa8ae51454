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

-- The report is the other script's, which lies beside this one.
dofile(debug.getinfo(1, "S").source:match("^@(.*)wrk_paced%.lua$") .. "wrk.lua")
