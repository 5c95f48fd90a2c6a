package ai.callmeback.voice.call;

import java.util.regex.Pattern;

/** What the model is told for one answer only. */
final class Notes {
    static final String SAY_GOODBYE =
            "The person wants to end the call. Say a short, warm goodbye in your own words and call end_call.";
    static final String GO_ON = "The line was lost for a moment and you were cut off in the middle of your last"
            + " sentence. You have just said \"Sorry, where was I?\". Go on where you were cut off, in a sentence or two.";
    static final String GO_ON_QUIETLY =
            "You paused after your last sentence. Go on with what you were saying, in a sentence or two, as if there had"
                    + " been no pause.";

    static final String TAKE_OVER =
            "You have just been handed this call. Say who you are in a few words, and go on with what they want.";

    private static final Pattern TIME = Pattern.compile("\\b(time|minutes?|seconds|moments?)\\b");

    private Notes() {}

    /** The time is short, and nothing else is to be said. */
    static String timeIsShort(long secondsLeft) {
        return "About " + inWords(secondsLeft) + " of this call are left. Tell the person in one short sentence of your"
                + " own that fits what you were talking about."
                + offer(secondsLeft);
    }

    /** The time is short, and the person has just said something. */
    static String answerAndTimeIsShort(long secondsLeft) {
        return "Answer in a sentence or two. About " + inWords(secondsLeft)
                + " of this call are left: weave that in, in your own words."
                + offer(secondsLeft);
    }

    /** While there is time for an answer. */
    private static String offer(long secondsLeft) {
        return secondsLeft >= 45 ? " Offer five minutes more, and call extend_call only if they say yes." : "";
    }

    /** Whether these words can have told anybody that the time is short. */
    static boolean speaksOfTime(String heard) {
        return TIME.matcher(heard).find();
    }

    private static String inWords(long seconds) {
        return seconds >= 90 ? "two minutes" : seconds >= 45 ? "a minute's worth" : "thirty seconds";
    }
}
