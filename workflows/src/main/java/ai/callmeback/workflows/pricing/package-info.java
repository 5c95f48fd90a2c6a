/** Reading vendors' prices, as a workflow. */
@NullMarked
package ai.callmeback.workflows.pricing;

import org.jspecify.annotations.NullMarked;
