module confluence-receiver

go 1.19
