package ai.callmeback.workflows.call;

import ai.callmeback.domain.call.EndedBy;

/**
 * How a talk ended, over all its legs; of a call that was cut off and rung again, its last talk.
 *
 * @param lostMediaMs lost within legs, as their workers said; gaps between legs are found in the database
 */
public record TalkEnd(EndedBy endedBy, String reason, long lostMediaMs, boolean vendorFault) {
    /** The reason of an end that is our fault: such a talk is never charged. */
    public static final String CUT_OFF = "cut_off";
}
