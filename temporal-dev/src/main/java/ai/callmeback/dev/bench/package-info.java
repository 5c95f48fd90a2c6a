/** Measurements, each beside a yardstick measured in the same run. */
@NullMarked
package ai.callmeback.dev.bench;

import org.jspecify.annotations.NullMarked;
