/**
 * Who is asking: accounts, session tokens, API keys. Invariants: a revoked token or key never works again; a secret is
 * stored only as a hash; nobody learns from an answer, or from how long it took, whether an e-mail has an account (save
 * by registering it, which is throttled).
 */
@NullMarked
package ai.callmeback.api.auth;

import org.jspecify.annotations.NullMarked;
