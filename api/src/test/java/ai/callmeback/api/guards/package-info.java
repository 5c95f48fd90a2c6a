/** What keeps one user from another's data and a revoked credential out, tried with and without its guards. */
@NullMarked
package ai.callmeback.api.guards;

import org.jspecify.annotations.NullMarked;
