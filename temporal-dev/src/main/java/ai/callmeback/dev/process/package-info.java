/** Child processes: started, watched, restarted, and ended together with the process that started them. */
@NullMarked
package ai.callmeback.dev.process;

import org.jspecify.annotations.NullMarked;
