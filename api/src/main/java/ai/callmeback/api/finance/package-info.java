/** The desk of finance: cases and reviews of charges. Its role is checked before anything here runs. */
@NullMarked
package ai.callmeback.api.finance;

import org.jspecify.annotations.NullMarked;
