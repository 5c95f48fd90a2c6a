/** The codec server: lets the Temporal UI show payloads that are encrypted everywhere else. */
@NullMarked
package ai.callmeback.api.codec;

import org.jspecify.annotations.NullMarked;
