/** Users and how they prove who they are: accounts, revoked tokens, API keys, failed sign-ins. */
@NullMarked
package ai.callmeback.db.identity;

import org.jspecify.annotations.NullMarked;
