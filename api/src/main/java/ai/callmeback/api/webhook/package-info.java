/** Twilio's webhooks. Order of work: the signature over the raw body, then the inbox (or the one query that answers the voice webhook), then the acknowledgement. Temporal takes no part. */
@NullMarked
package ai.callmeback.api.webhook;

import org.jspecify.annotations.NullMarked;
