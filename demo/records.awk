# Puts the number of its line before each record of a CSV file, and leaves out
# records without content, the byte order mark and carriage returns.  Tells of the first
# record that has more or fewer columns than the header.  Wants: delimiter.

function refuse(line, why) {
	print "line " line ": " why > "/dev/stderr"
	failed = 1
	exit 1
}

function columns(record) {
	gsub(/"[^"]*"/, "", record)
	return gsub(delimiter, "", record) + 1
}

NR == 1 { sub(/^\357\273\277/, "") }
{ sub(/\r$/, "") }
record == "" && /^[ \t,;]*$/ { next }
{
	if (record == "") {
		record = $0
		first = NR
	} else
		record = record "\n" $0
	quotes += gsub(/"/, "\"")
	if (quotes % 2)
		next
	n = columns(record)
	if (!header)
		header = n
	else if (n != header)
		refuse(first, n == 1 ? "one column, where the header has " header : n " columns, where the header has " header)
	print first delimiter record
	record = ""
	quotes = 0
}
END {
	if (!failed && record != "")
		refuse(first, "a quote that is not closed")
	exit failed
}
