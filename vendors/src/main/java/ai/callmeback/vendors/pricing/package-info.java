/** What vendors ask for, as they say it themselves. */
@NullMarked
package ai.callmeback.vendors.pricing;

import org.jspecify.annotations.NullMarked;
