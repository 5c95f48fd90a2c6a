/** Our own applications as child processes. */
@NullMarked
package ai.callmeback.dev.apps;

import org.jspecify.annotations.NullMarked;
