/** What every endpoint shares: checking input, security headers, the OpenAPI document. */
@NullMarked
package ai.callmeback.api.web;

import org.jspecify.annotations.NullMarked;
