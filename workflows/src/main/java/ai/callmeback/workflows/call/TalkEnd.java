package ai.callmeback.workflows.call;

import ai.callmeback.domain.call.EndedBy;

/**
 * How a talk ended, over all its legs.
 *
 * @param lostMediaMs lost within legs, as their workers said; gaps between legs are found in the database
 */
public record TalkEnd(EndedBy endedBy, String reason, long lostMediaMs, boolean vendorFault) {}
