/* endpoints.h - the handlers that routes.c lists, a file each. */
#ifndef ENDPOINTS_H
#define ENDPOINTS_H

#include "http.h"

kl_handle_fn accept_post;     /* POST /accept */
kl_handle_fn load_post;       /* POST /load */
kl_handle_fn documents_get;   /* GET /documents */
kl_handle_fn documents_begin; /* PUT /documents: its headers */
kl_handle_fn documents_put;   /* PUT /documents: its body */
kl_handle_fn document_get;    /* GET /documents/{id} */
kl_handle_fn document_delete; /* DELETE /documents/{id} */
kl_handle_fn search_get;      /* GET /search */
kl_handle_fn ask_get;         /* GET /ask, POST /ask */
kl_handle_fn topics_get;      /* GET /topics */
kl_handle_fn topics_post;     /* POST /topics */
kl_handle_fn status_get;      /* GET /status */

#endif
