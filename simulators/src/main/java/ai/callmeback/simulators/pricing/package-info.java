/** The price pages of vendors that state their prices nowhere else. */
@NullMarked
package ai.callmeback.simulators.pricing;

import org.jspecify.annotations.NullMarked;
