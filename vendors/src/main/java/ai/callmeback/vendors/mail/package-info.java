/** Sending e-mail, at most once per idempotency key. */
@NullMarked
package ai.callmeback.vendors.mail;

import org.jspecify.annotations.NullMarked;
