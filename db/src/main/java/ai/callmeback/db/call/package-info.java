/**
 * Calls in the database: acceptance, moves, events, dial intents, media ownership, journals, the webhook inbox and the
 * operator's switches. Postgres keys are what makes things happen once; each method says what its repeat does.
 */
@NullMarked
package ai.callmeback.db.call;

import org.jspecify.annotations.NullMarked;
