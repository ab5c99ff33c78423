-- One POST of 100 bytes with a key, again and again: the same request for every side.
wrk.method = "POST"
wrk.path = "/produce/bench/customer-9"
wrk.body = string.rep("v", 100)
wrk.headers["Content-Type"] = "application/octet-stream"
