/** Calls that people make to a persona's number: the telephony's webhooks, and the operators' desk. */
@NullMarked
package ai.callmeback.api.inbound;

import org.jspecify.annotations.NullMarked;
