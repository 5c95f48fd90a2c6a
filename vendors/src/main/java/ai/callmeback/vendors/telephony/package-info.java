/** Placing, ending and looking up telephone calls; Twilio's signatures, TwiML and callbacks. */
@NullMarked
package ai.callmeback.vendors.telephony;

import org.jspecify.annotations.NullMarked;
