/** What vendors have charged, for the reconciliation. */
@NullMarked
package ai.callmeback.vendors.billing;

import org.jspecify.annotations.NullMarked;
