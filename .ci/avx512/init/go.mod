module avx512init
go 1.20
