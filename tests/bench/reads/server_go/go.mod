module warmkey/tests/bench/reads/server_go

go 1.24.0
