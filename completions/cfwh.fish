complete --keep-order --exclusive --command cfwh --arguments "(CFWH_COMPLETE=fish cfwh -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"
