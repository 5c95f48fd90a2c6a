/** How fast the speech and language vendors are: as people know them by default, instantly for benches. */
@NullMarked
package ai.callmeback.simulators.tuning;

import org.jspecify.annotations.NullMarked;
