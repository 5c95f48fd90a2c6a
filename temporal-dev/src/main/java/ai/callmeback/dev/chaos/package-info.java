/** Kills processes in the middle of calls, and judges from the phones' own record what the callers noticed. */
@NullMarked
package ai.callmeback.dev.chaos;

import org.jspecify.annotations.NullMarked;
