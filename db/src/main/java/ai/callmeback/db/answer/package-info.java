/** What the telephony is told when the phone is picked up. */
@NullMarked
package ai.callmeback.db.answer;

import org.jspecify.annotations.NullMarked;
