/** Packs bought by themselves, with a saved card. */
@NullMarked
package ai.callmeback.domain.topup;

import org.jspecify.annotations.NullMarked;
