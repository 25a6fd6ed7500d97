/*
 * said.c: messages that no single ereport() could say whole, in the language
 * of the session (G4). What ereport() is given it looks up in our catalogue by
 * itself; a sentence made of parts cannot be translated, nor found there.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "compat.h"
#include "errors.h"
#include "said.h"

PG_FUNCTION_INFO_V1(reminder_say);

/* Gives a message of our catalogue as the session's lc_messages has it; itself if it is not there. */
const char *
InWords(const char *message)
{
	/* an empty one would be the catalogue's head */
	return *message == '\0' ? message : dgettext(TEXTDOMAIN, message);
}

/* The same to SQL: for what PL/pgSQL raises. */
Datum
reminder_say(PG_FUNCTION_ARGS)
{
	char	   *message = text_to_cstring(PG_GETARG_TEXT_PP(0));

	PG_RETURN_TEXT_P(cstring_to_text(InWords(message)));
}

/* What may not be done to an invoice that is being collected, in a case of ours and outside. */
static const struct
{
	const char *what;
	const char *in_case;
	const char *outside;
}			refused[] = {
	{"book a credit loss on",
		gettext_noop("cannot book a credit loss on invoice \"%s\" while its collection case is active"),
	gettext_noop("cannot book a credit loss on invoice \"%s\" while it is in external collection")},
	{"credit",
		gettext_noop("cannot credit invoice \"%s\" while its collection case is active"),
	gettext_noop("cannot credit invoice \"%s\" while it is in external collection")},
	{"change a credit of",
		gettext_noop("cannot change a credit of invoice \"%s\" while its collection case is active"),
	gettext_noop("cannot change a credit of invoice \"%s\" while it is in external collection")},
	{"void",
		gettext_noop("cannot void invoice \"%s\" while its collection case is active"),
	gettext_noop("cannot void invoice \"%s\" while it is in external collection")},
	{"offset",
		gettext_noop("cannot offset invoice \"%s\" while its collection case is active"),
	gettext_noop("cannot offset invoice \"%s\" while it is in external collection")},
	{"delete",
		gettext_noop("cannot delete invoice \"%s\" while its collection case is active"),
	gettext_noop("cannot delete invoice \"%s\" while it is in external collection")}
};

/* Tells which column a refusal is about: change "due_date" of; NULL: about none. */
static char *
ChangedColumnOf(const char *what)
{
	static const char before[] = "change \"";
	static const char after[] = "\" of";
	size_t		len = strlen(what);
	size_t		around = strlen(before) + strlen(after);

	if (len <= around || strncmp(what, before, strlen(before)) != 0 || strcmp(what + len - strlen(after), after) != 0)
		return NULL;
	return pnstrdup(what + strlen(before), len - around);
}

/* The message of an ereport() on what may not be done to an invoice while its case is active, or outside. */
int
SayInCase(const char *what, const char *invoice, bool outside)
{
	char	   *column = ChangedColumnOf(what);

	if (column != NULL)
		return outside
			? errmsg("cannot change \"%s\" of invoice \"%s\" while it is in external collection", column, invoice)
			: errmsg("cannot change \"%s\" of invoice \"%s\" while its collection case is active", column, invoice);
	for (int i = 0; i < (int) lengthof(refused); i++)
		if (strcmp(refused[i].what, what) == 0)
			return errmsg_internal(InWords(outside ? refused[i].outside : refused[i].in_case), invoice);
	return outside
		? errmsg_internal("cannot %s invoice \"%s\" while it is in external collection", what, invoice)
		: errmsg_internal("cannot %s invoice \"%s\" while its collection case is active", what, invoice);
}
