package ai.callmeback.voice.call;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What only machines say. People speak of voicemail, mailboxes, messages and screening too, so no such word decides by
 * itself: it takes the whole shape of an announcement. A question never is one. What is missed here is left to the
 * telephony, which listens as well.
 */
enum Announcement {
    MACHINE,
    /** A machine that asks who is calling, on behalf of somebody who may then pick up. */
    SCREENING,
    NONE;

    private static final String CLAUSE = "(^|[.,;:!] |\\b(please|so|just|but|and|or) )";

    /** In the order of the alternatives: said to be missed; asked for a message; a mailbox that speaks of itself. */
    private static final Pattern ANYTIME = Pattern.compile("the (person|number|party|customer|subscriber) you"
            + "( are|'re| have|'ve)?( trying to)? (call|dial|reach)(ing|l?ed)?\\b.*"
            + "\\b(unavailable|not (available|answering|in service|reachable)|(cannot|can't) (be reached|take|answer))\\b"
            + "|\\b(can't|cannot|can not|unable to|not able to) (come|get) to the phone\\b"
            + "|\\byour call (has been|is being|was) forwarded\\b"
            + "|" + CLAUSE + "(leave|record) (me |us )?(a|your) [^?]*\\b(after|at) the (tone|beep)\\b"
            + "|" + CLAUSE
            + "leave (me |us )?(a|your) [^?]*\\b(i|we|he|she|they)('ll| will) (get back|call|return|ring)\\b"
            + "|^(please )?(leave|record) (me |us )?(a|your) ((short|brief|detailed) )?message[.!]?$"
            + "|\\b(after|at) the (tone|beep),? (please )?(leave|record|say|state)\\b"
            + "|\\b(the|this) mail ?box (is full|you|belonging|of)\\b[^?]*\\b(cannot|can't|not|is full|and)\\b"
            + "|\\bwelcome to the (voice ?mail|mail ?box) of\\b");

    /** How machines begin, and now and then a person who is telling something. */
    private static final Pattern AT_FIRST =
            Pattern.compile("^((hi|hello|hey|good (morning|day|afternoon|evening))[,.!]? )?"
                    + "(this is [\\w' ]+[,.]? )?you( have|'ve) reached\\b");

    private static final Pattern ASKS_WHO = Pattern.compile("\\b(using|is) a (call )?screening service\\b"
            + "|\\b(state|say|record|give) your name,? (and|with|followed by)( the| your)? (reason|purpose|why)\\b"
            + "|\\b(please|to|can) (state|say|record) your name (after|at) the (tone|beep)\\b"
            + "|\\bsee if (this person|they|he|she)('s|'re| is| are) available\\b");

    /** @param first whether nothing had been said in this call before */
    static Announcement of(String text, boolean first) {
        String plain = text.strip().toLowerCase(Locale.ROOT).replace('\u2019', '\'');
        if (plain.endsWith("?")) {
            return NONE;
        }
        if (ASKS_WHO.matcher(plain).find()) {
            return SCREENING;
        }
        return ANYTIME.matcher(plain).find()
                        || (first && AT_FIRST.matcher(plain).find())
                ? MACHINE
                : NONE;
    }
}
