
set edit:completion:arg-completer[cfwh] = { |@words|
    var index = (count $words)
    set index = (- $index 1)

    put (env _CLAP_IFS="\n" _CLAP_COMPLETE_INDEX=(to-string $index) CFWH_COMPLETE="elvish" cfwh -- $@words) | to-lines
}

