module warmkey/tests/bench/reads_go

go 1.24
