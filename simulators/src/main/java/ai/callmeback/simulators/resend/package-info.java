/**
 * A stand-in for Resend: e-mails are accepted once per idempotency key, shown in the journal, and never leave; what
 * becomes of them is told by signed webhooks if somebody asked for them.
 *
 * <p>Protocol facts: Resend's published API description; Svix' signature scheme.
 */
@NullMarked
package ai.callmeback.simulators.resend;

import org.jspecify.annotations.NullMarked;
