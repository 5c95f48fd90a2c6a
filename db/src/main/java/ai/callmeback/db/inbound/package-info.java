/** Calls that people make to a persona's number: who is let in, and who is turned away and why. */
@NullMarked
package ai.callmeback.db.inbound;

import org.jspecify.annotations.NullMarked;
