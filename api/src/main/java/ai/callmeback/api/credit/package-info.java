/** Credit as its owner sees it: what is available, what is set aside, and every line that made it so. */
@NullMarked
package ai.callmeback.api.credit;

import org.jspecify.annotations.NullMarked;
