/** The caller's auto top-up. The payment vendor is never asked here: workflows do that. */
@NullMarked
package ai.callmeback.api.topup;

import org.jspecify.annotations.NullMarked;
