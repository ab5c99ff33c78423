-- A batch of NDJSON lines whose values have 100 bytes; their number comes as the script's argument.
local lines
function init(args)
    lines = tonumber(args[1] or 1000)
    local record = '{"key":"customer-9","value":"' .. string.rep("v", 100) .. '"}\n'
    wrk.method = "POST"
    wrk.path = "/records/bench"
    wrk.headers["Content-Type"] = "application/x-ndjson"
    wrk.body = string.rep(record, lines)
end
