/** Calls that people make to a persona's number: the rules, and what is said to whom they turn away. */
@NullMarked
package ai.callmeback.domain.inbound;

import org.jspecify.annotations.NullMarked;
